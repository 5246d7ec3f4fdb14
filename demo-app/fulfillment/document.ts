import { z } from 'zod';

export const DOCUMENT_KINDS = ['invoice', 'label', 'manual'] as const;

/** Body of POST /api/documents, of the storefront and of fulfillment alike. */
export const documentSchema = z.strictObject({
  kind: z.enum(DOCUMENT_KINDS),
  pages: z.number().int().min(1).max(100).default(1),
});

export type Document = Readonly<z.infer<typeof documentSchema>>;

/** Fulfillment's answer for a document that was processed. */
export const processedDocumentSchema = z.object({ status: z.literal('processed') });

export type ProcessedDocument = Readonly<z.infer<typeof processedDocumentSchema>>;
