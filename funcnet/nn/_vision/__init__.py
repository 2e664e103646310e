"""Upsampling and shuffling of images."""
