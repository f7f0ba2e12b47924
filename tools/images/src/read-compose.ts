import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface ComposeService {
  readonly image: string
  readonly build?: { readonly context: string; readonly args: Readonly<Record<string, string>> }
  readonly command?: readonly string[]
  readonly container_name?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly restart?: string
  readonly stop_grace_period?: string
  readonly volumes?: readonly string[]
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes: Readonly<Record<string, unknown>>
}

/**
 * Reads docker-compose.yaml as docker compose does: merge keys are followed and variables replaced.
 *
 * @param env the variables of the shell; without any, what stands behind `:-` holds
 */
export function readCompose(root: string, env: Readonly<Record<string, string>> = {}): ComposeFile {
  const text = readFileSync(join(root, 'docker-compose.yaml'), 'utf8')
  const filled = text.replace(
    /\$\{(\w+):-([^}]*)\}/g,
    (_, name: string, fallback: string) => env[name] || fallback,
  )
  return parse(filled, { merge: true }) as ComposeFile
}
