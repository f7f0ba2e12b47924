import type { Generated } from 'kysely'

/** The tables of people, as Kysely sees them. */
export interface PeopleSchema {
  local_account: LocalAccountTable
  person_session: PersonSessionTable
}

interface PersonSessionTable {
  id: string
  /** Of the token that the browser holds. */
  sha256: Buffer
  /** Where the person has signed in: the URL of a provider. */
  issuer: string
  /** The id there. */
  person_id: string
  name: string
  roles: string[]
  /** The session at the issuer, where it names one. */
  provider_session: string | null
  user_agent: string
  address: string
  created_at: Generated<Date>
  seen_at: Generated<Date>
  /** Moves with use, never beyond `ends_at`. */
  idle_ends_at: Date
  ends_at: Date
}

interface LocalAccountTable {
  /** What sessions know the person by. */
  id: string
  /** In lower case. */
  name: string
  /** Argon2id, in the form of PHC strings. */
  password_hash: string
  /** Sealed. */
  totp_secret: string
  /** Step of time of the last code that was taken. */
  totp_step: Generated<number>
  roles: string[]
  /** Attempts in a row, the one that is being judged among them. */
  failures: Generated<number>
  failed_at: Date | null
  locked_until: Date | null
  /** Locked by a person, until it is unlocked. */
  disabled_at: Date | null
  signed_in_at: Date | null
  created_by: string
  created_at: Generated<Date>
}
