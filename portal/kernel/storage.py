from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    """
    Static files under names that carry their hash, compressed ahead of time.

    References to source maps are left as they are: the image leaves the maps
    out, and Django would refuse to build without them.
    """

    support_js_module_import_aggregation = True
    patterns = tuple(
        (
            extension,
            tuple(rule for rule in rules if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])),
        )
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )
