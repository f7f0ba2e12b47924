import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface ComposeService {
  readonly image: string
  readonly build?: { readonly context: string; readonly args: Readonly<Record<string, string>> }
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly container_name?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly networks?: Readonly<Record<string, { readonly ipv4_address?: string }>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly restart?: string
  readonly stop_grace_period?: string
  readonly volumes?: readonly string[]
  readonly mem_limit?: string
  readonly pids_limit?: number
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt?: readonly string[]
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly networks: Readonly<Record<string, ComposeNetwork>>
}

interface ComposeNetwork {
  readonly ipam: { readonly config: readonly { readonly subnet: string; readonly ip_range: string }[] }
}

type Variables = Readonly<Record<string, string>>

/** A service as it is written. */
type WrittenService = ComposeService & {
  readonly extends?: { readonly file: string; readonly service: string }
}

/**
 * Reads docker-compose.yaml as docker compose does: merge keys and `extends` are followed and variables replaced.
 *
 * @param env the variables of the shell; without any, what stands behind `:-` holds
 * @param file relative to the root
 */
export function readCompose(root: string, env: Variables = {}, file = 'docker-compose.yaml'): ComposeFile {
  const compose = readFilled(join(root, file), env)
  // Each file once: all apps extend services of the same one.
  const read = new Map<string, ReturnType<typeof readFilled>>()
  const readBase = (path: string) => {
    const found = read.get(path) ?? readFilled(join(root, path), env)
    read.set(path, found)
    return found
  }
  const services = Object.entries(compose.services).map(([name, { extends: base, ...service }]) => {
    if (!base) return [name, service] as const
    const extended = readBase(base.file).services[base.service]
    if (!extended) throw new Error(`${base.file} has no service ${base.service}`)
    const environment = { ...extended.environment, ...service.environment }
    return [name, { ...extended, ...service, environment }] as const
  })
  return { ...compose, services: Object.fromEntries(services) }
}

function readFilled(
  file: string,
  env: Variables,
): ComposeFile & { readonly services: Readonly<Record<string, WrittenService>> } {
  let text = readFileSync(file, 'utf8')
  for (let before = ''; before !== text;) {
    before = text
    // The innermost first.
    text = text.replace(
      /\$\{(\w+):-([^${}]*)\}/g,
      (_, name: string, fallback: string) => env[name] || fallback,
    )
  }
  return parse(text, { merge: true }) as ComposeFile
}
