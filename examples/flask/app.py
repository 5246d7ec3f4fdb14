"""Greets, and fails while it is told to. Nothing here knows of OpenTelemetry: opentelemetry-instrument sees Flask and logging."""

import logging

from flask import Flask

logging.basicConfig(level=logging.INFO)
app = Flask(__name__)
state = {"failing": False}


@app.post("/fail")
def fail():
    state["failing"] = True
    return state


@app.post("/recover")
def recover():
    state["failing"] = False
    return state


@app.get("/hello/<name>")
def hello(name):
    if state["failing"]:
        app.logger.error("the greeting is lost")
        return {"error": "lost"}, 500
    app.logger.info("greeted")
    return {"hello": name}
