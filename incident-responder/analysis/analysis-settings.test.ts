import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../configuration.ts';

const read = (variables: Record<string, string>) =>
  readConfiguration({ WEBHOOK_AUTHENTICATION: 'off', ...variables }).analysis;

describe('analysis settings', () => {
  it('are off by default, also with a key', () => {
    expect(read({})).toBeUndefined();
    expect(read({ ANALYSIS_API_KEY: 'key' })).toBeUndefined();
  });

  it('need prices for a model elsewhere, and none for one on this host', () => {
    expect(() => read({ ANALYSIS_MODEL: 'large' })).toThrow(
      'ANALYSIS_INPUT_DOLLARS, ANALYSIS_OUTPUT_DOLLARS',
    );
    expect(read({ ANALYSIS_MODEL: 'small', ANALYSIS_BASE_URL: 'http://127.0.0.1:11434/v1' })).toMatchObject({
      dollarsPerMillionInputTokens: 0,
      dailyDollars: 1,
    });
  });

  it('send evidence over TLS or to this host', () => {
    expect(() => read({ ANALYSIS_MODEL: 'm', ANALYSIS_BASE_URL: 'http://models.example/v1' })).toThrow(
      'ANALYSIS_BASE_URL',
    );
  });
});
