/** Why no text could be rendered for a client; the reason of its message. */
export type TemplateProblem = 'text_too_long' | 'text_empty' | 'template_too_slow' | 'template_failed'

/** The text of one message cannot be rendered. The template may work for other clients. */
export class TemplateError extends Error {
  readonly reason: TemplateProblem

  constructor(reason: TemplateProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TemplateError'
    this.reason = reason
  }
}
