import { createKey, isKeyId } from '@runnel/http'
import type { Database } from '@runnel/repositories-database'
import {
  acceptRestoredKeys,
  addKey,
  listKeys,
  revokeKey,
  rotateKey,
  type StoredKey,
} from '@runnel/repositories-access'
import { UsageError } from '@runnel/runtime'
import { presentKey } from '../present-key.ts'
import { toNewKey } from '../to-new-key.ts'
import { formatKeys, showKeyName } from './format-keys.ts'
import { readDuration, readInput, type CreateOptions } from './read-input.ts'

/** What a command is carried out with. */
export interface KeysContext {
  readonly database: Database
  readonly maxKeys: number
  /** For the audit log. */
  readonly actor: string
  readonly nowMs: number
  /** What a program reads: the key alone, or JSON. */
  readonly out: (text: string) => void
  /** What a person reads besides. */
  readonly say: (text: string) => void
}

export interface KeysOptions extends CreateOptions {
  readonly overlap?: string | undefined
  readonly json?: boolean | undefined
}

type Command = (context: KeysContext, id: string, options: KeysOptions) => Promise<void>

const COMMANDS: Readonly<Record<string, Command>> = {
  list: async ({ database, out }, _, { json }) => {
    const keys = (await listKeys(database)).map(presentKey)
    out(json ? JSON.stringify(keys, undefined, 2) : formatKeys(keys, 'npm run keys --'))
  },
  create: async (context, _, options) => {
    const { key, text } = toNewKey(readInput(options, context.nowMs), context.nowMs)
    const stored = await addKey(context.database, key, context.actor, context.maxKeys)
    show(context, stored, text, options)
  },
  rotate: async (context, id, options) => {
    const { sha256, text } = createKey(requireId(id))
    const overlapMs = readDuration(options.overlap ?? '24h', '--overlap')
    const stored = await rotateKey(context.database, { id, sha256, overlapMs }, context.actor)
    show(context, stored, text, options)
    if (!options.json)
      context.say(
        stored.oldSecretUntil
          ? `The old secret stays valid until ${stored.oldSecretUntil.toISOString()}.`
          : 'The old secret has ended.',
      )
  },
  revoke: async ({ database, actor, out, say }, id, { json }) => {
    const stored = await revokeKey(database, requireId(id), actor)
    if (json) out(JSON.stringify(presentKey(stored), undefined, 2))
    else say(`Revoked: ${showKeyName(stored.name)} (${id}). Within 5 seconds no replica accepts it.`)
  },
  'accept-restored': async ({ database, say }) => {
    const keys = await acceptRestoredKeys(database)
    say(`Accepted: the ${keys} keys of this database are the right ones.`)
  },
}

/** @throws UsageError where there is no such command, or its options are wrong */
export async function runKeys(
  context: KeysContext,
  [name = '', id = '', ...rest]: readonly string[],
  options: KeysOptions,
): Promise<void> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command || rest.length > 0)
    throw new UsageError(`Expected one of ${Object.keys(COMMANDS).join(', ')}; npm run keys -- --help`)
  await command(context, id, options)
}

function show({ out, say }: KeysContext, stored: StoredKey, text: string, { json }: KeysOptions): void {
  if (json) return out(JSON.stringify({ ...presentKey(stored), key: text }, undefined, 2))
  out(text)
  say(`The key of ${showKeyName(stored.name)} (${stored.id}). It is shown this once and stored nowhere.`)
}

function requireId(id: string): string {
  if (!isKeyId(id))
    throw new UsageError('Give the id of the key: 16 characters; npm run keys -- list shows it')
  return id
}
