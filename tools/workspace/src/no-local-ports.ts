import type { FindOptions } from './find-services.ts'

/** RUNNEL_PRIVATE_SERVICES=1: what answers on the standard local ports stays untouched. */
export function noLocalPorts(env: FindOptions['env']): Pick<FindOptions, 'localPorts'> {
  if (env['RUNNEL_PRIVATE_SERVICES'] !== '1') return {}
  return { localPorts: { DATABASE_URL: [], NATS_URL: [], REDIS_URL: [] } }
}
