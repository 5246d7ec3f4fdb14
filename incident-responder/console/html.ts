/** Markup that is safe to send: made by {@link html}, or vouched for by {@link trustedHtml}. */
export interface Html {
  readonly markup: string;
}

type Insertion = Html | string | number | null | undefined | false | readonly Insertion[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Template tag. Everything inserted is escaped, for text and quoted attributes alike, except what is Html already. */
export function html(literals: TemplateStringsArray, ...insertions: readonly Insertion[]): Html {
  return { markup: String.raw({ raw: literals }, ...insertions.map(markupOf)) };
}

/** Only for markup whose maker is known to escape. */
export function trustedHtml(markup: string): Html {
  return { markup };
}

function markupOf(insertion: Insertion): string {
  if (insertion === null || insertion === undefined || insertion === false) return '';
  if (typeof insertion === 'string' || typeof insertion === 'number')
    return String(insertion).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
  if ('markup' in insertion) return insertion.markup;
  return insertion.map(markupOf).join('');
}
