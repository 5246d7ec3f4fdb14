/** Header of OTLP pushes with the key of the application's names; the Collector's configuration has it too. */
export const OTLP_KEY_HEADER = 'x-aiops-otlp-key';
