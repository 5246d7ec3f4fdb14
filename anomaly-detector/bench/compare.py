"""What a sample costs in Python: statsmodels' Holt-Winters and, where it is installed, Prophet, on a series like the bench's.

    pip install statsmodels prophet
    python3 anomaly-detector/bench/compare.py

Compare with `npm run bench -- detector` on the same machine. CPU time, so that other programs do not count.
"""
import logging
import time
import warnings

import numpy as np
from statsmodels.tsa.holtwinters import ExponentialSmoothing

DAY = 288
POINTS = 7 * DAY
random = np.random.default_rng(1)
values = 100 + 30 * np.sin(2 * np.pi * np.arange(POINTS) / DAY) + random.uniform(0, 2, POINTS)
warnings.simplefilter("ignore")


def cpu(work, rounds):
    start = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - start) / rounds


def holt_winters(**fit):
    model = ExponentialSmoothing(values, trend="add", damped_trend=True, seasonal="add", seasonal_periods=DAY)
    return model.fit(**fit)


fixed = dict(smoothing_level=0.1, smoothing_trend=0.01, damping_trend=0.98, smoothing_seasonal=0.1, optimized=False)
print(f"statsmodels, fixed parameters  {cpu(lambda: holt_winters(**fixed), 5) / POINTS * 1e6:10.2f} us a sample")
print(f"statsmodels, fitted            {cpu(holt_winters, 1) / POINTS * 1e6:10.2f} us a sample")

try:
    import pandas as pd
    from prophet import Prophet
except ImportError:
    print("Prophet is not installed")
else:
    logging.getLogger("cmdstanpy").disabled = True
    logging.getLogger("prophet").disabled = True
    frame = pd.DataFrame({"ds": pd.date_range("2026-01-05", periods=POINTS, freq="5min"), "y": values})
    start = time.perf_counter()  # its optimiser is a process of its own: the clock's time
    Prophet(daily_seasonality=True, weekly_seasonality=True).fit(frame)
    print(f"Prophet, one fit               {(time.perf_counter() - start):10.2f} s for {POINTS} samples")
