"""Images: resizing, sampling, shuffling."""

MESSAGES = {
    "interpolate.mode": "{name}: mode is {mode!r}, it must be one of {wanted}.",
    "interpolate.rank": "{name} with mode {mode!r}: input has shape {shape}, {ndim} "
    "dimensions; it must have {wanted}: (batch, channels, *spatial).",
    "interpolate.align_corners": "{name}: align_corners goes with linear, bilinear, "
    "bicubic and trilinear, not with {mode!r}; leave it out.",
    "interpolate.antialias": "{name}: antialias goes with {wanted}, not with {mode!r}.",
    "interpolate.lanczos": "{name}: mode {mode!r} is for antialias=True only.",
    "interpolate.one_of": "{name}: give one of size and scale_factor; got "
    "size={size} and scale_factor={scale_factor}.",
    "interpolate.sizes": "{name}: size is {size}, it must be an integer or {dims} of "
    "them.",
    "interpolate.scales": "{name}: scale_factor is {scale_factor}, it must be a number "
    "or {dims} of them.",
    "interpolate.recompute": "{name}: recompute_scale_factor has no meaning with a "
    "given size ({size}).",
    "interpolate.empty": "{name}: the spatial shape {input} becomes {output}, and "
    "one of them is empty.",
    "affine_grid.shapes": "{name}: theta has shape {theta} and size is {size}; images "
    "need (batch, 2, 3) and (batch, channels, height, width), volumes (batch, 3, 4) "
    "and a depth before the height.",
    "affine_grid.empty": "{name}: size is {size}, all of it must be at least 1.",
    "grid_sample.grid": "{name}: grid has shape {grid}; for input {input} it must be "
    "({input[0]}, {depth}out_height, out_width, {dims}).",
    "pixel_shuffle.rank": "{name}: input has shape {input}, at least three dimensions "
    "are needed: (*, channels, height, width).",
    "pixel_shuffle.factor": "{name}: {what} is {factor}, it must be at least 1.",
    "pixel_shuffle.channels": "{name}: input has {channels} channels, the square of "
    "upscale_factor={factor} must divide them.",
    "pixel_unshuffle.sizes": "{name}: input has height {height} and width {width}, "
    "downscale_factor={factor} must divide both.",
    "channel_shuffle.rank": "{name}: input has shape {input}, at least three "
    "dimensions are needed: (batch, channels, *).",
    "channel_shuffle.groups": "{name}: input has {channels} channels, groups={groups} "
    "must divide them.",
    "box_convert.mixed": "{name}: {in_fmt!r} and {out_fmt!r} are formats of upright "
    "and of rotated boxes, which are not converted into each other.",
    "nms.traced": "{name}: how many boxes are kept depends on their values, so they "
    "must be known. Inside of a transformation use nms_mask.",
    "nms.shapes": "{name}: boxes have shape {boxes} and scores {scores}; they must be "
    "(n, 4) and (n,).",
    "roi.columns": "{name}: rois has shape {rois}, it must be (regions, 5): the "
    "image's index and two corners.",
    "ps_roi.channels": "{name}: input has {channels} channels, the {bins} bins must "
    "divide them.",
    "deform_conv.shapes": "{name}: offset {offset} and mask do not fit input {input} "
    "and weight {weight}; the output has the sizes {sizes}.",
    "focal.alpha": "{name}: alpha is {alpha}, it must lie in 0..1, or be -1 to weigh "
    "nothing.",
    "ops.reduction": "{name}: reduction is {reduction!r}, it must be 'none', 'mean' or "
    "'sum'.",
}
