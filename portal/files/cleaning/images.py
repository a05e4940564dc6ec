"""Pictures: decoded and written anew, so that only what can be seen is left."""

import io

from PIL import Image, UnidentifiedImageError

from .limits import IMAGE_PIXELS, IMAGE_SIDE, UPLOAD_BYTES
from .refusal import Refused

FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
# Inside office documents a picture must stay what its name says; these can be written as they came.
EMBEDDED_FORMATS = {
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "bmp": "BMP",
    "tif": "TIFF",
    "tiff": "TIFF",
}
JPEG_QUALITY = 85
ORIENTATION = 0x0112  # EXIF tag: how the camera was held
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow warns at this size and raises at twice it; the exact limit is checked below, before decoding.
Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS


def clean_picture(content, kind):
    """
    Return (kind, bytes) of a photo or screenshot without EXIF, GPS, profile, comment and thumbnail.

    Turned as its EXIF says, at most 2560 pixels a side, first frame only. A
    PNG or WebP that would be larger than an upload may be becomes a JPEG.
    """
    image = _opened(content, [FORMATS[kind]])
    image = _bare(image, side=IMAGE_SIDE, is_turned=True)
    cleaned = _written(image, FORMATS[kind])
    if len(cleaned) > UPLOAD_BYTES:
        return "jpeg", _written(image, "JPEG")
    return kind, cleaned


def clean_embedded_picture(content, extension):
    """Return (bytes, pixels) of a document's picture, written anew in the same format and size."""
    if extension not in EMBEDDED_FORMATS:
        raise Refused("picture_kind")
    # Word keeps the first name of a picture that was replaced: a .png may hold a JPEG. The bytes decide.
    image = _opened(content, sorted(set(EMBEDDED_FORMATS.values())))
    pixels = image.width * image.height
    format_ = image.format
    return _written(_bare(image), format_), pixels


def _opened(content, formats):
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
    except Image.DecompressionBombError as error:
        raise Refused("pixels") from error
    except UnidentifiedImageError as error:
        raise Refused("damaged") from error
    if image.width * image.height > IMAGE_PIXELS:
        raise Refused("pixels")
    return image


def _bare(image, *, side=None, is_turned=False):
    """Return the picture's pixels and nothing else, in a mode that every format can write."""
    if side and max(image.size) > side:
        # JPEG can be decoded at a half or a quarter of its size; 40 Mpx then fit into little memory.
        image.draft(None, (side, side))
    turn = TURNS.get(image.getexif().get(ORIENTATION)) if is_turned else None
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        image = image.point(lambda value: value * (1 / 256)).convert("L")  # 16 bits a pixel
    elif image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode not in {"1", "L", "RGB"}:
        image = image.convert("RGB")
    if side and max(image.size) > side:
        image = _smaller(image, side)
    pixels = Image.new(image.mode, image.size)
    pixels.paste(image)
    return pixels.transpose(turn) if turn is not None else pixels


def _smaller(image, side):
    share = side / max(image.size)
    size = tuple(max(1, round(length * share)) for length in image.size)
    if image.mode == "1":
        image = image.convert("L")
    # Channel by channel: Pillow would otherwise hold a 160 MB picture twice.
    bands = [
        image.getchannel(band).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0) for band in image.getbands()
    ]
    return Image.merge(image.mode, bands)


def _written(image, format_):
    out = io.BytesIO()
    if format_ == "JPEG":
        _on_white(image).save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    elif format_ == "WEBP":
        image.save(out, "WEBP", quality=JPEG_QUALITY, method=2)
    elif format_ in {"BMP", "GIF"}:
        _on_white(image).save(out, format_)
    elif format_ == "TIFF":
        image.save(out, "TIFF", compression="tiff_lzw")
    else:
        image.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _on_white(image):
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB") if image.mode == "1" else image
