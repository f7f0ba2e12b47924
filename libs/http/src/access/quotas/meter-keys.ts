import { isScope, type AppError } from '@runnel/contracts'
import type { Metrics } from '@runnel/observability'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { KeyDirectory, KeyRecord } from '../key-directory.ts'
import { scopesOf } from '../route-access.ts'
import type { KeyCounts } from './key-counts.ts'
import { KeyMeter, type ShareName } from './key-meter.ts'
import { createKeyUsage, type UsageOfKey } from './key-usage.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which places of a key a request takes while it is answered. Default: `reads` for routes that only read. */
    share?: 'tails' | 'exports'
    /**
     * What is over a quota is answered item by item, for clients that look for the result of each: the body is read all the same, and the
     * route calls {@link requireQuota} once it knows what is in it. Default: false, the request is refused before its body.
     */
    refusesByItem?: boolean
  }
  interface FastifyRequest {
    /** What the key of this request uses; null without a key. */
    keyUse: KeyUse | null
    /** The same, until the request has been counted: a WeakMap in its place cost a fifth of a single POST. */
    openKey: MeteredKey | null
    /** The refusal of a request that is over a quota of its key, and is read nevertheless. */
    overQuota: AppError | null
  }
}

/** What a request pays its quotas with. */
interface KeyUse {
  /** Pays for events or bytes, once they are counted. */
  charge(what: 'events' | 'bytes', units: number): void
}

/** Pays for the events of a body, once they are counted; of a request without a key nothing becomes. */
export function chargeEvents({ keyUse }: FastifyRequest, events: number): void {
  keyUse?.charge('events', events)
}

/** @throws AppError `quota_exceeded` for a request that is over a quota, of a route that refuses by item */
export function requireQuota({ overQuota }: FastifyRequest): void {
  if (overQuota) throw overQuota
}

/**
 * Bodies of one key that are read though its quota is used up, at a time: they are paid for by nothing. Beyond them a request is refused
 * before its body.
 */
const MAX_READ_OVER_QUOTA = 2

/** A key as it is now, with what it used and may use. */
class MeteredKey implements KeyUse {
  readonly record: KeyRecord
  /** Undefined where nothing is limited, which is most keys: they pay for no clock. */
  readonly meter: KeyMeter | undefined
  readonly usage: UsageOfKey
  readonly counts: KeyCounts
  /** Requests over a quota whose bodies are read. */
  readOverQuota = 0
  private readonly nowMs: () => number

  constructor(record: KeyRecord, usage: UsageOfKey, counts: KeyCounts, nowMs: () => number) {
    const { quotas = {} } = record
    this.record = record
    this.meter = Object.keys(quotas).length === 0 ? undefined : new KeyMeter(quotas)
    this.usage = usage
    this.counts = counts
    this.nowMs = nowMs
  }

  charge(what: 'events' | 'bytes', units: number): void {
    this.usage[what].add(units)
    this.counts[what] += units
    this.meter?.charge(what, units, this.nowMs())
  }
}

/** Answers to who may not do it: of another app as well, that a request was forwarded to. */
const REFUSED_STATUSES = new Set([401, 403])
/** Keys whose meters are kept; of those that come back later the quotas begin anew. */
const MAX_METERS = 10_000

export interface MeterOptions {
  readonly keys: KeyDirectory | undefined
  readonly metrics: Metrics
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number
}

/** Counts a request that was let in, once: one whose connection ended before its answer. */
export type CountUnanswered = (request: FastifyRequest) => void

/**
 * Holds keys to their quotas, at each replica by itself, and counts what they use. After authentication and before the body.
 * Not @fastify/rate-limit: that counts requests in fixed windows, where these are rates of three units of which two are known
 * only afterwards, and places.
 *
 * @returns what has to be called with requests that are not answered, as nothing here looks for them
 */
export function meterKeys(app: FastifyInstance, options: MeterOptions): CountUnanswered {
  app.decorateRequest('keyUse', null)
  app.decorateRequest('openKey', null)
  app.decorateRequest('overQuota', null)
  const { keys, metrics, nowMs = () => performance.now() } = options
  if (!keys) return () => undefined
  const find = createMeters(keys, metrics, nowMs)
  app.addHook('onResponse', (request, { statusCode }, done) => {
    settle(request, REFUSED_STATUSES.has(statusCode))
    done()
  })
  app.addHook('onRequest', (request, reply, done) => {
    const { key: record } = request.principal
    // Where another app forwarded it, that app has held the key to its quotas. What asks for no key, such as health, uses none.
    if (record === undefined || isPublic(request)) return done()
    const key = find(record)
    const error = key.meter && begin(key.meter, request, reply, nowMs())
    if (error === undefined) {
      request.keyUse = request.openKey = key
      chargeBytes(request, reply, key)
      return done()
    }
    key.usage.refused.add()
    key.counts.refused++
    done(readsOverQuota(request, reply, key, error) ? undefined : error)
  })
  return (request) => settle(request, false)
}

function createMeters(
  keys: KeyDirectory,
  metrics: Metrics,
  nowMs: () => number,
): (record: KeyRecord) => MeteredKey {
  const usageOf = createKeyUsage(metrics)
  const metered = new Map<string, MeteredKey>()
  return (record) => {
    const known = metered.get(record.id)
    if (known?.record === record) return known
    if (!known && metered.size >= MAX_METERS) metered.delete(metered.keys().next().value!)
    const made = new MeteredKey(record, usageOf(record.id), keys.countsOf(record.id), nowMs)
    metered.set(record.id, made)
    return made
  }
}

/** Counts a request once: by its answer, or as let in where none comes. */
function settle(request: FastifyRequest, isRefused: boolean): void {
  const key = request.openKey
  if (key === null) return
  request.openKey = null
  if (isRefused) key.counts.refused++
  else {
    key.usage.requests.add()
    key.counts.requests++
  }
}

/** Begins a request, and says in its answer what is left. @returns AppError of KeyMeter.begin */
function begin(
  meter: KeyMeter,
  request: FastifyRequest,
  reply: FastifyReply,
  nowMs: number,
): AppError | undefined {
  const share = shareOf(request)
  const error = meter.begin(share, nowMs)
  if (error === undefined && meter.isLimited(share)) reply.raw.once('close', () => meter.end(share))
  if (meter.policy !== undefined)
    void reply.header('ratelimit-policy', meter.policy).header('ratelimit', meter.limit(nowMs))
  return error
}

/** @returns whether the body is read nevertheless, for a refusal of each item */
function readsOverQuota(
  request: FastifyRequest,
  reply: FastifyReply,
  key: MeteredKey,
  error: AppError,
): boolean {
  const isByItem = request.routeOptions.config.refusesByItem === true
  if (!isByItem || key.readOverQuota >= MAX_READ_OVER_QUOTA) return false
  key.readOverQuota++
  reply.raw.once('close', () => key.readOverQuota--)
  request.overQuota = error
  return true
}

function isPublic({ routeOptions: { config } }: FastifyRequest): boolean {
  return config.access === 'public'
}

function shareOf({ routeOptions: { config } }: FastifyRequest): ShareName | undefined {
  if (config.share) return config.share
  const scopes = scopesOf(config.access ?? 'public').filter(isScope)
  return scopes.length > 0 && scopes.every((scope) => scope.endsWith(':read')) ? 'reads' : undefined
}

/** At once where the length is said; else what came over the connection, once the request has ended. */
function chargeBytes({ raw }: FastifyRequest, reply: FastifyReply, key: KeyUse): void {
  const said = Number(raw.headers['content-length'] ?? 0)
  if (said > 0) return key.charge('bytes', said)
  if (raw.headers['transfer-encoding'] === undefined) return
  // Kept here: what sends the body on may take it off the request.
  const { socket } = raw
  const before = socket.bytesRead
  reply.raw.once('close', () => key.charge('bytes', socket.bytesRead - before))
}
