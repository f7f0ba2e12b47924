import type { KeyDirectory } from '@runnel/http'
import { createRareWarning, gauge, type Logger, type Metrics } from '@runnel/observability'
import { orAborted, pause } from '@runnel/runtime'
import { FollowedDirectory } from './followed-directory.ts'
import type { KeyChanges } from './key-changes.ts'
import { KeyNotices, type KeyNoticesOptions } from './key-notices.ts'
import type { CountsByKey } from './key-usage.ts'
import { KeyPoller } from './key-poller.ts'
import { readSnapshot, writeSnapshot, type SnapshotOptions } from './snapshot-file.ts'

export interface FollowKeysOptions {
  readonly log: Logger
  readonly metrics?: Metrics | undefined
  readonly staleMs: number
  /** Reads what was changed since a version. */
  readonly read: (since: number) => Promise<KeyChanges>
  /** Writes down when keys were last used: milliseconds since 1970 by key. */
  readonly writeUses: (uses: ReadonlyMap<string, number>) => Promise<void>
  /** Adds what keys did here: counts by key, and how many milliseconds ago that was. */
  readonly writeUsage: (counts: CountsByKey, ageMs: number) => Promise<void>
  /** Without: changes come by PostgreSQL alone. */
  readonly notices?: KeyNoticesOptions | undefined
  /** Whether it sends notices of what it reads, for replicas that do not reach PostgreSQL. */
  readonly announces?: boolean
  /** Without: after a start, no key is accepted before PostgreSQL or a notice gave them. */
  readonly snapshot?: SnapshotOptions | undefined
  readonly signal: AbortSignal
  /** Monotonic milliseconds, and those since 1970. */
  readonly nowMs?: () => number
  readonly wallMs?: () => number
}

/** The directory of one process, kept up to date. */
export interface FollowedKeys extends KeyDirectory {
  /** Reads what was changed just now. Never rejects. */
  refresh(): Promise<void>
  /** Applies what this process has changed in PostgreSQL, and announces it, so that it counts everywhere at once. */
  announce(changes: KeyChanges): void
  /** What people should know of it; undefined where all is well. */
  describe(): string | undefined
  /** Writes down what is left, and ends. */
  close(): Promise<void>
}

const POLL_MS = 2000
/**
 * The pause after a read that failed or hangs. With the read's own limit, two connections in a row may be dead, and a
 * revocation still counts within five seconds.
 */
const POLL_AGAIN_MS = 250
const SLOW_MS = 60_000
/** What keys did is shown that much later; where they did nothing, nothing is written. */
const USAGE_MS = 10_000
/** A start does not wait longer for the first keys. */
const FIRST_READ_MS = 2000
/** Keys that are not confirmed for so long are worth a line: several polls and notices failed. */
const LATE_MS = 10_000

/** Loads the keys, follows their changes until the signal aborts. @returns once there are keys, or after two seconds */
export async function followKeys(options: FollowKeysOptions): Promise<FollowedKeys> {
  const { log, signal, staleMs, nowMs = () => performance.now(), wallMs = Date.now } = options
  const directory = new FollowedDirectory({ staleMs, nowMs, wallMs })
  await loadSnapshot(directory, options)
  const notices = options.notices && new KeyNotices(options.notices)
  const announcer = options.announces ? notices : undefined
  const poller = new KeyPoller({ log, directory, read: options.read, announcer })
  const unsubscribe = notices ? poller.listen(notices) : () => undefined
  if (options.metrics) expose(options.metrics, directory)
  const warnOfUsage = createRareWarning<{ err: unknown }>((fields) =>
    log.warn(fields, 'what API keys did was not written down; it is kept, and tried again'),
  )
  const first = poller.poll()
  await Promise.race([first, pause(FIRST_READ_MS, signal)])
  const running = Promise.all([
    keepPolling(poller, signal),
    repeat(SLOW_MS, signal, () => writeFile(directory, options)),
    repeat(SLOW_MS, signal, () => writeUses(directory, options)),
    repeat(USAGE_MS, signal, () => writeUsage(directory, options, warnOfUsage)),
    watch(directory, options),
  ])
  return {
    get state() {
      return directory.state
    },
    find: (id) => directory.find(id),
    noteUse: (id, atMs) => directory.noteUse(id, atMs),
    countsOf: (id) => directory.countsOf(id),
    refresh: async () => void (await poller.poll()),
    announce: (changes) => poller.announce(changes),
    describe: () => describe(directory, options),
    close: async () => {
      unsubscribe()
      await running
      await writeDown(directory, options, warnOfUsage)
    },
  }
}

/** A file that cannot be used costs nothing but itself: keys come from PostgreSQL or a notice then. */
async function loadSnapshot(directory: FollowedDirectory, options: FollowKeysOptions): Promise<void> {
  if (!options.snapshot) return
  try {
    const changes = await readSnapshot(options.snapshot)
    if (changes) directory.applySnapshot(changes)
  } catch (err) {
    options.log.error({ err }, 'the snapshot of the keys is not used')
  }
}

async function writeDown(
  directory: FollowedDirectory,
  options: FollowKeysOptions,
  onFailure: (fields: { err: unknown }) => void,
): Promise<void> {
  // Side by side: the file waits for no database.
  await Promise.all([
    writeFile(directory, options),
    writeUses(directory, options),
    writeUsage(directory, options, onFailure),
  ])
}

async function writeUses(directory: FollowedDirectory, options: FollowKeysOptions): Promise<void> {
  await directory.uses.flush(options.writeUses).catch((err: unknown) => {
    options.log.debug({ err }, 'when keys were last used is written later')
  })
}

async function writeUsage(
  directory: FollowedDirectory,
  { writeUsage: write }: FollowKeysOptions,
  onFailure: (fields: { err: unknown }) => void,
): Promise<void> {
  await directory.usage.flush(write).catch((err: unknown) => onFailure({ err }))
}

async function writeFile(directory: FollowedDirectory, { log, snapshot }: FollowKeysOptions): Promise<void> {
  const changes = directory.snapshot()
  if (!snapshot || !changes) return
  await writeSnapshot(snapshot, changes).catch((err: unknown) => {
    log.error(
      { err },
      'the snapshot of the keys was not written: a start without PostgreSQL would not know them',
    )
  })
}

/** Says when keys are not confirmed any more, and when they are again; a new version goes into the file at once. */
async function watch(directory: FollowedDirectory, options: FollowKeysOptions): Promise<void> {
  const { log, staleMs, signal, snapshot } = options
  const warn = createRareWarning<{ ageMs: number | undefined; staleMs: number; state: string }>((fields) =>
    log.warn(fields, 'the API keys are not confirmed: neither PostgreSQL nor a notice over the broker comes'),
  )
  let wasLate = false
  let written = directory.table.version
  await repeat(1000, signal, async () => {
    const { ageMs, state } = directory
    const isLate = ageMs === undefined || ageMs > LATE_MS
    if (isLate) warn({ ageMs: ageMs && Math.round(ageMs), staleMs, state })
    else if (wasLate) log.info('the API keys are confirmed again')
    wasLate = isLate
    if (!snapshot || directory.table.version === written) return
    written = directory.table.version
    await writeFile(directory, options)
  })
}

function describe(directory: FollowedDirectory, { staleMs }: FollowKeysOptions): string | undefined {
  const { ageMs, state } = directory
  if (state === 'unknown' || ageMs === undefined)
    return 'the API keys are not known: neither PostgreSQL nor the broker gave them, and no key is accepted'
  const age = `${Math.round(ageMs / 1000)} s`
  if (state === 'stale') return `the API keys were confirmed ${age} ago: no key is accepted`
  if (ageMs <= LATE_MS) return undefined
  return `the API keys were confirmed ${age} ago: they are accepted until ${Math.round(staleMs / 1000)} s (KEYS_STALE_MS)`
}

function expose(metrics: Metrics, directory: FollowedDirectory): void {
  gauge(metrics, 'runnel_access_keys', 'API keys in memory, ended ones included', [], (made) =>
    made.set(directory.table.size),
  )
  gauge(
    metrics,
    'runnel_access_keys_age_seconds',
    'Time since the API keys were last confirmed by PostgreSQL or a notice; -1: never',
    [],
    (made) => made.set(directory.ageMs === undefined ? -1 : directory.ageMs / 1000),
  )
}

async function keepPolling(poller: KeyPoller, signal: AbortSignal): Promise<void> {
  let answered = true
  while (!signal.aborted) {
    await pause(answered ? POLL_MS : POLL_AGAIN_MS, signal)
    if (!signal.aborted) answered = (await orAborted(poller.poll(), signal)) ?? false
  }
}

async function repeat(everyMs: number, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  for (;;) {
    await pause(everyMs, signal)
    if (signal.aborted) return
    await orAborted(run(), signal)
  }
}
