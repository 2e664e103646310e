"""Worker processes of loaders, started fresh, that send batches by shared memory."""
