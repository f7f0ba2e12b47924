import { spawnCeiling } from '../ceilings/spawn-ceiling.ts'
import { isTrial, type Contest, type ContestOptions, type Row } from '../contest.ts'
import { createHttpContest } from '../http-contest.ts'
import { IdWalk } from '../load/id-walk.ts'
import { ProcessCosts } from '../process-costs.ts'
import { openCatalogue } from '../reads/open-catalogue.ts'
import { SharedProducts } from '../reads/shared-products.ts'
import { watchLookups } from '../reads/watch-lookups.ts'

const PATH = '/api/v1/products/{id}'

export const productFromRedis: Row = {
  title: 'GET products that Redis has',
  ceiling: 'bare Fastify, one GET of Redis',
  unit: 'requests/s',
  aim: 0.6,
  open: openRedisHits,
}

export const productFromPostgres: Row = {
  title: 'GET products that no cache has',
  ceiling: 'bare Fastify, one prepared SELECT by id',
  unit: 'requests/s',
  aim: 0.5,
  open: openMisses,
}

const SHARED = 1000
/** Room for some twenty of them in the process: it has dropped each one long before it is asked for it again. */
const SMALL_CACHE = { CACHE_MAX_BYTES: String(16 * 1024), CACHE_WARM_PRODUCTS: '0' }
/** An entry may be served for 12 to 15 s from when it was loaded. */
const MAX_SECONDS = 8

async function openRedisHits({ stack, generator, seconds }: ContestOptions): Promise<Contest> {
  const costs = new ProcessCosts()
  const { query, redis } = await openCatalogue({ stack, costs, products: SHARED, env: SMALL_CACHE })
  const productUrl = query.url + PATH
  const shared = await SharedProducts.open(stack, { redisUrl: redis.url, productUrl, count: SHARED })
  const ceilingUrl = await spawnCeiling(stack, costs, 'bare-redis', shared.plainUrl)
  const contest = createHttpContest({
    generator,
    seconds: Math.min(seconds, MAX_SECONDS),
    costs,
    ceiling: { url: ceilingUrl + PATH, ids: new IdWalk(SHARED) },
    runnel: { url: productUrl, ids: new IdWalk(SHARED) },
    eventsPerRequest: 1,
  })
  return watchLookups(contest, { url: query.url, outcomes: ['redis.hit'], prepare: () => shared.renew() })
}

/** More than are asked for in a whole run: each one is asked for once. */
const productsFor = (seconds: number) => (isTrial(seconds) ? 100_000 : 1_000_000)

async function openMisses({ stack, generator, seconds }: ContestOptions): Promise<Contest> {
  const costs = new ProcessCosts()
  const products = productsFor(seconds)
  const { query, postgres } = await openCatalogue({ stack, costs, products })
  const ceilingUrl = await spawnCeiling(stack, costs, 'bare-postgres', postgres.url)
  const contest = createHttpContest({
    generator,
    seconds,
    costs,
    ceiling: { url: ceilingUrl + PATH, ids: new IdWalk(products) },
    runnel: { url: query.url + PATH, ids: new IdWalk(products) },
    eventsPerRequest: 1,
  })
  return watchLookups(contest, { url: query.url, outcomes: ['redis.miss', 'loader.hit'] })
}
