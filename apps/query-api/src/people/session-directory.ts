import { AppError, SCOPES_OF_ROLE } from '@runnel/contracts'
import type { Caller, FairShare, Principal } from '@runnel/http'
import { findSession, type StoredSession } from '@runnel/repositories-access'
import { toDatabaseError, type Database } from '@runnel/repositories-database'
import type { PeopleSettings } from './settings.ts'

/** For how long a session is not looked up again: another replica's revocation counts here after that. */
const FRESH_MS = 2000
const NOTE_MS = 60_000
const MAX_KNOWN = 10_000
const RETRY_AFTER_MS = 2000

/** A session that was found, and who is signed in by it. */
export interface FoundSession {
  readonly session: StoredSession
  readonly principal: Principal
}

interface KnownSession extends FoundSession {
  /** Monotonic. */
  readonly checkedAtMs: number
}

export interface SessionDirectoryDeps {
  readonly database: Database
  readonly settings: PeopleSettings['sessions']
  /** Of as many permits as the pool has connections. */
  readonly share: FairShare
  /** Monotonic milliseconds. */
  readonly nowMs: () => number
}

/** Looks sessions up, with a memory of those that were found a moment ago: pages send many requests at once. */
export class SessionDirectory {
  readonly #deps: SessionDirectoryDeps
  readonly #known = new Map<string, KnownSession>()
  readonly #reading = new Map<string, Promise<KnownSession | undefined>>()
  /** Rises with every end: what was read before one is not kept. */
  #ends = 0

  constructor(deps: SessionDirectoryDeps) {
    this.#deps = deps
  }

  /**
   * @param sha256 of the token that a browser sent
   * @returns undefined where there is no such session, or it has ended
   * @throws AppError access_unavailable, and what the share refuses with
   */
  async find(sha256: Buffer, caller: Caller): Promise<FoundSession | undefined> {
    const key = sha256.toString('base64')
    const known = this.#known.get(key)
    if (known && this.#ageOf(known) < FRESH_MS) return known
    const reading = this.#reading.get(key) ?? this.#read(key, sha256, caller)
    this.#reading.set(key, reading)
    try {
      return await reading
    } catch (error) {
      const problem = toDatabaseError(error)
      if (problem.code !== 'database_unavailable') throw problem
      if (known && this.#ageOf(known) < this.#deps.settings.staleMs && !hasEnded(known)) return known
      throw new AppError(
        'access_unavailable',
        'It cannot be checked whether you are signed in: the database does not answer',
        { retryAfterMs: RETRY_AFTER_MS },
        error,
      )
    } finally {
      this.#reading.delete(key)
    }
  }

  /** Sessions that were ended here count no more at once. */
  forget(ids: readonly string[]): void {
    const ended = new Set(ids)
    for (const [key, { session }] of this.#known) if (ended.has(session.id)) this.#known.delete(key)
    this.#ends++
    this.#reading.clear()
  }

  async #read(key: string, sha256: Buffer, caller: Caller): Promise<KnownSession | undefined> {
    const { database, settings, share, nowMs } = this.#deps
    const checkedAtMs = nowMs()
    const ends = this.#ends
    const use = { idleMs: settings.idleMs, noteMs: NOTE_MS }
    const session = await share.run(caller, () => findSession(database, sha256, use))
    this.#known.delete(key)
    if (!session) return undefined
    const known = { session, principal: principalOf(session), checkedAtMs }
    if (ends !== this.#ends) return known
    if (this.#known.size >= MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!)
    this.#known.set(key, known)
    return known
  }

  #ageOf({ checkedAtMs }: KnownSession): number {
    return this.#deps.nowMs() - checkedAtMs
  }
}

/** By the clock of this machine: only while that of the database cannot be read. */
function hasEnded({ session }: FoundSession): boolean {
  return Date.now() >= session.idleEndsAt.getTime()
}

function principalOf({ personId, name, roles }: StoredSession): Principal {
  const scopes = new Set(roles.flatMap((role) => SCOPES_OF_ROLE[role] ?? []))
  return { kind: 'person', id: personId, name, scopes, roles, isTest: false, namespace: '' }
}
