"""Writes holt-winters.reference.json: what statsmodels makes of fixed parameters. Needs statsmodels and numpy.

    python3 holt-winters.reference.py > holt-winters.reference.json
"""
import json

import numpy as np
import statsmodels
from statsmodels.tsa.holtwinters import ExponentialSmoothing

SEASON = 6
random = np.random.default_rng(20260101)
steps = np.arange(60)
values = np.round(50 + 0.3 * steps + 8 * np.sin(2 * np.pi * steps / SEASON) + random.normal(0, 2, 60), 6)

cases = []
for name, trend, damped, parameters in [
    ("level and season", None, False, {"level": 0.3, "seasonal": 0.2}),
    ("level, trend and season", "add", False, {"level": 0.4, "trend": 0.1, "seasonal": 0.15}),
    ("level, damped trend and season", "add", True, {"level": 0.25, "trend": 0.2, "damping": 0.9, "seasonal": 0.3}),
]:
    seasonal = [float(v) for v in np.round(values[:SEASON] - values[:SEASON].mean(), 6)]
    start = {"level": 49.5, "trend": 0.4 if trend else 0.0, "seasonal": seasonal}
    model = ExponentialSmoothing(
        values, trend=trend, damped_trend=damped, seasonal="add", seasonal_periods=SEASON,
        initialization_method="known", initial_level=start["level"],
        initial_trend=start["trend"] if trend else None, initial_seasonal=seasonal,
    )
    fit = model.fit(
        smoothing_level=parameters["level"], smoothing_trend=parameters.get("trend"),
        damping_trend=parameters.get("damping"), smoothing_seasonal=parameters["seasonal"], optimized=False,
    )
    cases.append({
        "name": name, "parameters": parameters, "start": start,
        "fitted": [float(v) for v in fit.fittedvalues], "forecast": [float(v) for v in fit.forecast(15)],
    })

print(json.dumps({"statsmodels": statsmodels.__version__, "values": values.tolist(), "cases": cases}, indent=1))
