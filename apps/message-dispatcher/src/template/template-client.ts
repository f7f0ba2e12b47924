/** The client as a template sees it. */
export interface TemplateClient {
  /** E.164 without the plus sign. */
  readonly phone: number
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  /** JSON. */
  readonly attributes: unknown
  /** Where it opts out with one click, by e-mail. */
  readonly unsubscribeUrl?: string
}
