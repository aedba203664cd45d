"""An explanation on paper: sentences and tables, in English and Chinese, of what `explain` worked out."""
