import { boundedText } from '@aiops-sre/service-kit/backends/bounded-text.ts';
import { z } from 'zod';

const MAX_ANSWER_BYTES = 256 * 1024;
export const MAX_ANSWER_TOKENS = 1500;
/** Characters a token at the least; for servers that do not say what was used. */
const CHARACTERS_A_TOKEN = 3;

interface ModelReply {
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ModelQuestion {
  readonly instructions: string;
  readonly evidence: string;
  /** JSON schema for servers that can hold a model to one. */
  readonly answer: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
}

export interface LanguageModel {
  /** @throws Error fit for a log: no key, no prompt, no answer in it. */
  ask(question: ModelQuestion, signal?: AbortSignal): Promise<ModelReply>;
}

export interface LanguageModelOptions {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  readonly timeoutMs: number;
}

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z
    .object({ prompt_tokens: z.number().int().min(0), completion_tokens: z.number().int().min(0) })
    .nullish()
    .catch(undefined),
});

/** A model behind the chat completions protocol, which hosted services and local servers (Ollama, vLLM, llama.cpp) speak. */
export function createLanguageModel({
  baseUrl,
  apiKey,
  model,
  timeoutMs,
}: LanguageModelOptions): LanguageModel {
  return {
    async ask({ instructions, evidence, answer: { name, schema } }, signal) {
      // Loaded at the first question: most responders never ask one.
      const { default: OpenAI } = await import('openai');
      const deadline = AbortSignal.timeout(timeoutMs);
      const client = new OpenAI({
        baseURL: baseUrl,
        apiKey: apiKey ?? 'none',
        maxRetries: 1,
        timeout: timeoutMs,
        logLevel: 'off',
        // Read here, since the library's own timeout ends with the headers and its answers have no limit.
        async fetch(input, init) {
          const stop = AbortSignal.any([deadline, ...(init?.signal ? [init.signal] : [])]);
          const response = await fetch(input as string, { ...init, redirect: 'error', signal: stop });
          const body = await boundedText(response, MAX_ANSWER_BYTES);
          return new Response(body, { status: response.status, headers: response.headers });
        },
      });
      try {
        const completion = completionSchema.parse(
          await client.chat.completions.create(
            {
              model,
              messages: [
                { role: 'system', content: instructions },
                { role: 'user', content: evidence },
              ],
              max_completion_tokens: MAX_ANSWER_TOKENS,
              response_format: {
                type: 'json_schema',
                json_schema: { name, strict: true, schema: { ...schema } },
              },
            },
            { signal: signal ? AbortSignal.any([signal, deadline]) : deadline },
          ),
        );
        const text = completion.choices[0]?.message.content ?? '';
        const tokens = (part: string) => Math.ceil(part.length / CHARACTERS_A_TOKEN);
        return {
          text,
          inputTokens: completion.usage?.prompt_tokens ?? tokens(instructions + evidence),
          outputTokens: completion.usage?.completion_tokens ?? tokens(text),
        };
      } catch (error) {
        if (deadline.aborted) throw new Error(`${baseUrl}: no answer within ${timeoutMs} ms`);
        if (error instanceof z.ZodError)
          throw new Error(`${baseUrl}: expected a chat completion, got something else`);
        const { name: kind, status } = error as { name?: string; status?: number };
        throw new Error(`${baseUrl}: ${status === undefined ? `no answer (${kind})` : `HTTP ${status}`}`);
      }
    },
  };
}
