import { ROLES, type Role } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import {
  addAccount,
  listAccounts,
  lockAccount,
  resealAccounts,
  resetAccount,
  type AccountSecrets,
  type LocalAccount,
} from '@runnel/repositories-access'
import { UsageError } from '@runnel/runtime'
import { randomBytes } from 'node:crypto'
import { NAME_FORM, parseAccountName } from '../account-names.ts'
import { createTotp, type NewTotp } from '../one-time-codes.ts'
import { generatePassword, hashPassword, MAX_PASSWORD, MIN_PASSWORD } from '../passwords.ts'
import { openSecret, sealSecret } from '../seal-secret.ts'

/** What a command is carried out with. */
interface AccountsContext {
  readonly database: Database
  readonly maxAccounts: number
  /** IDENTITY_SECRET, and the one beside it; empty where it is not set. */
  readonly secrets: readonly string[]
  /** For the audit log. */
  readonly actor: string
  /** Reads a password that is not to be made; undefined where one is. */
  readonly readPassword: (() => Promise<string>) | undefined
  readonly out: (text: string) => void
}

interface AccountsOptions {
  readonly role?: string | undefined
  readonly json?: boolean | undefined
}

type Command = (context: AccountsContext, name: string, options: AccountsOptions) => Promise<void>

const NO_SECRET = 'Set IDENTITY_SECRET, or IDENTITY_SECRET_FILE, to the one that query-api has'
const NONE = 'There are no accounts yet: npm run accounts -- create NAME --role admin'

const COMMANDS: Readonly<Record<string, Command>> = {
  list: async ({ database, out }, _, { json }) => {
    const accounts = await listAccounts(database)
    out(json ? JSON.stringify(accounts, undefined, 2) : accounts.map(describeAccount).join('\n') || NONE)
  },
  create: async (context, text, options) => {
    const name = requireName(text)
    const roles = readRoles(options.role)
    const id = randomBytes(12).toString('hex')
    const { secrets, ...shown } = await makeSecrets(context, id, name)
    await addAccount(context.database, { id, name, roles, ...secrets }, context.actor, context.maxAccounts)
    show(context, name, shown, options)
  },
  reset: async (context, text, options) => {
    const name = requireName(text)
    const account = (await listAccounts(context.database)).find((one) => one.name === name)
    // Where there is none, the database says so below.
    const { secrets, ...shown } = await makeSecrets(context, account?.id ?? '', name)
    await resetAccount(context.database, name, secrets, context.actor)
    show(context, name, shown, options)
  },
  reseal: async ({ database, secrets, actor, out }) => {
    if (secrets.length === 0) throw new UsageError(NO_SECRET)
    const { resealed, unknown } = await resealAccounts(database, actor, (id, sealed) =>
      reseal(secrets, id, sealed),
    )
    out(resealed.length === 0 ? 'Nothing was to be done.' : `Sealed anew: ${resealed.join(', ')}`)
    if (unknown.length > 0)
      throw new UsageError(`No secret that is set opens these, which have to be reset: ${unknown.join(', ')}`)
  },
  lock: async ({ database, actor, out }, text) => {
    const name = requireName(text)
    await lockAccount(database, name, actor)
    out(`Locked: ${name}. Its sessions have ended; npm run accounts -- reset ${name} unlocks it.`)
  },
}

/** @throws UsageError where there is no such command, or its options are wrong */
export async function runAccounts(
  context: AccountsContext,
  [command = '', name = '', ...rest]: readonly string[],
  options: AccountsOptions,
): Promise<void> {
  const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined
  if (!run || rest.length > 0)
    throw new UsageError(`Expected one of ${Object.keys(COMMANDS).join(', ')}; npm run accounts -- --help`)
  await run(context, name, options)
}

function reseal([first = '', ...others]: readonly string[], id: string, sealed: string) {
  if (openSecret([first], id, sealed)) return 'current'
  const opened = openSecret(others, id, sealed)
  return opened ? { sealed: sealSecret(first, id, opened) } : 'unknown'
}

interface Shown {
  readonly password: string
  readonly totp: NewTotp
}

async function makeSecrets(
  { secrets: [secret], readPassword }: AccountsContext,
  id: string,
  name: string,
): Promise<Shown & { readonly secrets: AccountSecrets }> {
  if (secret === undefined) throw new UsageError(NO_SECRET)
  const password = (await readPassword?.()) ?? generatePassword()
  if (password.length < MIN_PASSWORD || password.length > MAX_PASSWORD)
    throw new UsageError(`A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters`)
  const totp = createTotp(name)
  const passwordHash = await hashPassword(password)
  return { password, totp, secrets: { passwordHash, totpSecret: sealSecret(secret, id, totp.secret) } }
}

function show(
  { out, readPassword }: AccountsContext,
  name: string,
  shown: Shown,
  { json }: AccountsOptions,
): void {
  const { uri, base32 } = shown.totp
  const password = readPassword ? undefined : shown.password
  if (json) return out(JSON.stringify({ name, password, totpUri: uri, totpSecret: base32 }, undefined, 2))
  out(`Account:  ${name}`)
  if (password !== undefined) out(`Password: ${password}`)
  out(`Secret of one-time codes: ${base32}\nAddress of it, for a QR code: ${uri}`)
  out('They are shown this once, and can be read nowhere.')
}

function describeAccount({ name, roles, lockedUntil, disabledAt, signedInAt }: LocalAccount): string {
  const isLocked = disabledAt !== null || (lockedUntil !== null && lockedUntil.getTime() > Date.now())
  const seen = signedInAt === null ? 'never signed in' : `signed in ${signedInAt.toISOString()}`
  return `${name}  ${roles.join(',')}  ${isLocked ? 'locked' : 'active'}  ${seen}`
}

function requireName(text: string): string {
  const name = parseAccountName(text)
  if (name === undefined) throw new UsageError(`Give the name of the account: ${NAME_FORM}`)
  return name
}

function readRoles(text: string | undefined): Role[] {
  const names = text?.split(',') ?? []
  const roles = ROLES.filter((role) => names.includes(role))
  if (roles.length === 0 || roles.length !== names.length)
    throw new UsageError(`--role: expected some of ${ROLES.join(', ')}, with commas between them`)
  return roles
}
