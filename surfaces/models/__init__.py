"""Problems of many dimensions: classifiers and networks, their losses over samples, and the samples."""
