/** The part of a logger that this library writes to; `Logger` of @runnel/observability fits. */
export interface MessagingLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
