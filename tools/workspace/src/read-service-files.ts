import { BROKER_VARIABLES, DATABASE_VARIABLES } from '@runnel/contracts/apps'
import { readSettingFile } from '@runnel/runtime'

/** What npm run dev and npm test give to apps as variables, and what may be named by a file instead. */
const VARIABLES = [...DATABASE_VARIABLES, ...BROKER_VARIABLES, 'REDIS_URL', 'GATEWAY_URL']

/** Apps are given each by the first of its names. */
const NAMES = [BROKER_VARIABLES, DATABASE_VARIABLES] as const

/**
 * Puts what files of settings hold (DATABASE_URL_FILE) into the variables themselves: servers are looked for there, and beside a
 * variable that apps are given its file would be refused. What stands in BROKER_URL, RABBITMQ_URL or POSTGRES_URL goes into the
 * first name for the same reason.
 *
 * @throws Error where a variable and its file are both set, or the file cannot be read
 */
export function readServiceFiles(env: NodeJS.ProcessEnv): void {
  for (const variable of VARIABLES) {
    const file = `${variable}_FILE`
    const path = env[file]?.trim()
    if (!path) continue
    if (env[variable]?.trim()) throw new Error(`${variable} and ${file} are both set: keep one of them`)
    try {
      env[variable] = readSettingFile(path)
    } catch (error) {
      throw new Error(`${file}="${path}": expected ${(error as Error).message}`, { cause: error })
    }
    delete env[file]
  }
  for (const [name, ...aliases] of NAMES) for (const alias of aliases) useFirstName(env, name, alias)
}

function useFirstName(env: NodeJS.ProcessEnv, name: string, alias: string): void {
  const url = env[alias]?.trim()
  if (!url) return
  if (env[name]?.trim() && env[name].trim() !== url)
    throw new Error(`${name} and ${alias} are both set: keep one of them`)
  env[name] = url
  delete env[alias]
}
