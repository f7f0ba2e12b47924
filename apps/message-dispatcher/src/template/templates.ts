import { LRUCache } from 'lru-cache'
import { compileTemplate, type Template } from './compile-template.ts'

/** Compiled templates that are kept: about one or two for each mailing that sends at the same time. */
const MAX_TEMPLATES = 200

/** A text and its identity. */
interface TemplateSource {
  readonly mailingId: number
  /** Of the mailing: every edit increases it. */
  readonly version: number
  /** Default: the text. */
  readonly part?: 'subject'
  readonly text: string
}

/** Compiles each version of a mailing's text once. */
export interface Templates {
  /** @throws AppError invalid_field for a text that is not a valid template */
  of(source: TemplateSource): Template
}

export function createTemplates(): Templates {
  const cache = new LRUCache<string, Template>({ max: MAX_TEMPLATES })
  return {
    of({ mailingId, version, part, text }) {
      const key = part === undefined ? `${mailingId}/${version}` : `${mailingId}/${version}/${part}`
      const known = cache.get(key)
      if (known) return known
      const template = compileTemplate(text)
      cache.set(key, template)
      return template
    },
  }
}
