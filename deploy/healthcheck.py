#!/usr/bin/env python3
"""Ask the web process of this container whether it lives, as the proxy would."""

import os
import sys
import urllib.request

host = os.environ["PORTAL_HOSTS"].split(",")[0].strip()
request = urllib.request.Request("http://127.0.0.1:8000/livez", headers={"Host": host, "X-Forwarded-Proto": "https"})
with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
    sys.exit(answer.status != 200)
