/** The variables by which apps and tests find the services. */
export interface ServiceUrls {
  readonly DATABASE_URL: string
  readonly NATS_URL: string
  readonly REDIS_URL: string
}

/** The services that tests use: as the environment names them (npm test does), else on the standard local ports. */
export function serviceUrls(): ServiceUrls {
  return {
    DATABASE_URL: process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/postgres',
    NATS_URL: process.env['NATS_URL'] || 'nats://127.0.0.1:4222',
    REDIS_URL: process.env['REDIS_URL'] || 'redis://127.0.0.1:6379',
  }
}
