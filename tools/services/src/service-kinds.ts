/** The variables by which apps and tests find the services. */
export interface ServiceUrls {
  readonly DATABASE_URL: string
  readonly NATS_URL: string
  readonly REDIS_URL: string
}
