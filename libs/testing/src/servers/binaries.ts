import { accessSync, constants, globSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where packages put servers that they leave out of PATH; the newest PostgreSQL first. */
const USUAL_PLACES = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/bin',
  '/usr/sbin',
]

/** The full path of a program on PATH or in a usual place; undefined when there is none. */
export function findBinary(name: string, path = process.env['PATH'] ?? ''): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  return [...folders, ...USUAL_PLACES.flatMap(expand)]
    .map((folder) => join(folder, name))
    .find((file) => isExecutable(file))
}

/** @throws Error that names the program */
export function requireBinary(name: string): string {
  const found = findBinary(name)
  if (found === undefined) throw new Error(`${name} is neither on PATH nor in a usual place; install it`)
  return found
}

function expand(place: string): string[] {
  if (!place.includes('*')) return [place]
  return globSync(place).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
