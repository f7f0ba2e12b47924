import type { Generated } from 'kysely'

/** The tables of people, as Kysely sees them. */
export interface PeopleSchema {
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
