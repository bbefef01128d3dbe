"""Numbers from answers: path models, reliability, comparisons, samples. Nothing here has heard of appraisal."""
