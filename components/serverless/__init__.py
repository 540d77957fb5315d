"""What runs without servers of ours: releases, functions, and the API in front of them."""
