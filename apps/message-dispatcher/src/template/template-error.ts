/** Why a text could not be made for a client; the reason of its message. */
export type TemplateProblem = 'text_too_long' | 'text_empty' | 'template_too_slow' | 'template_failed'

/** One message cannot be written. Its template may do for others. */
export class TemplateError extends Error {
  readonly reason: TemplateProblem

  constructor(reason: TemplateProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TemplateError'
    this.reason = reason
  }
}
