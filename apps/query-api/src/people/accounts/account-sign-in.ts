import { AppError } from '@runnel/contracts'
import { FailureLimit, type Caller, type FairShare } from '@runnel/http'
import { beginAttempt, LOCAL_ISSUER, noteFailure, type SignInAttempt } from '@runnel/repositories-access'
import { toDatabaseError, type Database } from '@runnel/repositories-database'
import type { SettingsOf } from '@runnel/runtime'
import type { SignedIn } from '../signed-in.ts'
import { parseAccountName } from './account-names.ts'
import { stepOfCode } from './one-time-codes.ts'
import { generatePassword, hashPassword, MAX_PASSWORD, verifyPassword } from './passwords.ts'
import { openSecret } from './seal-secret.ts'
import type { accountSettings } from './settings.ts'

const PEER_REFILL_MS = 30_000
/** A refusal takes at least so long, whatever it was for: how long the database took says nothing. */
const REFUSAL_MS = 500

/** What a person typed. */
export interface AccountForm {
  readonly name: string
  readonly password: string
  readonly code: string
}

/** A person whose password and code were right, and what has to stand when the session begins. */
export interface JudgedAccount {
  readonly person: SignedIn
  readonly attempt: SignInAttempt
  /** Step of time of the code. */
  readonly step: number
}

export interface AccountSignInDeps {
  readonly database: Database
  readonly settings: SettingsOf<typeof accountSettings>
  /** Any of which may have sealed the secret of a second factor. */
  readonly secrets: readonly string[]
  /** Of as many permits as passwords may be checked at a time. */
  readonly share: FairShare
  readonly nowMs: () => number
  readonly sleep: (ms: number) => Promise<unknown>
  readonly warn: (text: string, accountId: string) => void
}

/** Judges names, passwords and codes. Everything that is wrong gets the same answer, after the same work. */
export class AccountSignIn {
  readonly #deps: AccountSignInDeps
  readonly #failures: FailureLimit
  /** Of a password that no account has: the work for names that there are none of. */
  #noHash: Promise<string> | undefined

  constructor(deps: AccountSignInDeps) {
    this.#deps = deps
    this.#failures = new FailureLimit(deps.nowMs, {
      burst: deps.settings.peerFailures,
      refillMs: PEER_REFILL_MS,
    })
  }

  /**
   * @param address for the audit log
   * @throws AppError sign_in_failed | too_many_failures | database_unavailable, and what the share refuses with
   */
  async judge(form: AccountForm, caller: Caller, address: string): Promise<JudgedAccount> {
    const { nowMs, share } = this.#deps
    // Counted before it is judged: many at a time are no way past the limit.
    const waitMs = this.#failures.note(caller.peer)
    if (waitMs !== undefined)
      throw new AppError('too_many_failures', 'Too many attempts to sign in came from your address', {
        retryAfterMs: waitMs,
      })
    const { beganAtMs, judged } = await share.run(caller, async () => ({
      beganAtMs: nowMs(),
      judged: await this.#judge(form, address).catch((error: unknown) => {
        throw toDatabaseError(error)
      }),
    }))
    if (!judged) return this.refuse(beganAtMs)
    this.#failures.forgive(caller.peer)
    return judged
  }

  /** The one answer to everything that is wrong. @throws AppError sign_in_failed */
  async refuse(beganAtMs: number): Promise<never> {
    const { nowMs, settings, sleep } = this.#deps
    await sleep(Math.max(0, beganAtMs + REFUSAL_MS - nowMs()))
    const minutes = Math.ceil(settings.lockMs / 60_000)
    throw new AppError(
      'sign_in_failed',
      'Name, password or code is wrong, the code was used already, or the account is locked: ' +
        `after ${settings.failures} wrong attempts it is for ${minutes} minutes`,
    )
  }

  async #judge({ name, password, code }: AccountForm, address: string): Promise<JudgedAccount | undefined> {
    const { database, settings, nowMs } = this.#deps
    const attempt = await beginAttempt(database, parseAccountName(name) ?? '', settings)
    const passwordHash = attempt?.passwordHash ?? (await (this.#noHash ??= hashPassword(generatePassword())))
    const isRight = await verifyPassword(passwordHash, password.slice(0, MAX_PASSWORD))
    if (!attempt || attempt.isLocked) return undefined
    const step = stepOfCode(this.#openSecret(attempt), code.replaceAll(' ', ''), nowMs())
    if (isRight && step !== undefined) return { attempt, step, person: toPerson(attempt) }
    await noteFailure(database, attempt, address)
    return undefined
  }

  #openSecret({ id, totpSecret }: SignInAttempt): Buffer {
    const { secrets, warn } = this.#deps
    const opened = openSecret(secrets, id, totpSecret)
    if (opened) return opened
    warn('IDENTITY_SECRET is not the one that this account was made with: npm run accounts -- reset NAME', id)
    throw new AppError('sign_in_failed', 'Accounts cannot be checked at the moment: the log says why')
  }
}

/** The audit tells it from a person of the provider who is called the same. */
function toPerson({ id, name, roles }: SignInAttempt): SignedIn {
  return { issuer: LOCAL_ISSUER, personId: id, name: `${name} (local)`, roles, providerSession: null }
}
