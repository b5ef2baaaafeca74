"""Statistics of a series; NumPy comes from a layer."""
import json
import logging
import os

import numpy as np

logger = logging.getLogger()
logger.setLevel(os.environ.get("LOG_LEVEL", "INFO"))


def lambda_handler(event, context):
    series = np.array(event["series"], dtype=float)
    logger.info("series of %d for %s", series.size, context.function_name)
    matrix = np.outer(series, series) + np.eye(series.size)
    return {
        "statusCode": 200,
        "body": json.dumps({"mean": series.mean(), "deviation": round(float(series.std()), 4), "rank": int(np.linalg.matrix_rank(matrix))}),
    }
