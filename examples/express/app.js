/** Greets, and fails while it is told to. Nothing here knows of OpenTelemetry: the register hook sees Express and pino. */

const express = require('express');
const log = require('pino')();

let failing = false;

express()
  .post('/fail', (_request, response) => {
    failing = true;
    response.json({ failing });
  })
  .post('/recover', (_request, response) => {
    failing = false;
    response.json({ failing });
  })
  .get('/hello/:name', (request, response) => {
    if (failing) {
      log.error('the greeting is lost');
      return response.status(500).json({ error: 'lost' });
    }
    log.info('greeted');
    response.json({ hello: request.params.name });
  })
  .listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '127.0.0.1');
