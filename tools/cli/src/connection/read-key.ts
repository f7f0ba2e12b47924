import { readSettingFile } from '@runnel/runtime'
import { usageError } from '../cli-error.ts'
import type { CliContext } from '../cli-context.ts'
import type { ConnectionOptions } from '../options/connection-options.ts'

/** What a header can hold. */
const KEY = /^[\x21-\x7e]+$/

/**
 * The API key: what was given on the command line wins over the environment. It is in no message.
 *
 * @returns undefined where Runnel asks for none
 * @throws CliError where the file cannot be read, or what it holds cannot be a key
 */
export function readKey(
  { key, keyFile }: Pick<ConnectionOptions, 'key' | 'keyFile'>,
  { env }: Pick<CliContext, 'env'>,
): string | undefined {
  if (key !== undefined && keyFile !== undefined)
    throw usageError('Both --key and --key-file are given: leave one out')
  if (key !== undefined) return requireKey(key, '--key')
  if (keyFile !== undefined) return requireKey(readFile(keyFile, '--key-file'), '--key-file')
  if (env['RUNNEL_API_KEY']) return requireKey(env['RUNNEL_API_KEY'], 'RUNNEL_API_KEY')
  const file = env['RUNNEL_API_KEY_FILE']
  return file ? requireKey(readFile(file, 'RUNNEL_API_KEY_FILE'), 'RUNNEL_API_KEY_FILE') : undefined
}

function readFile(path: string, source: string): string {
  try {
    return readSettingFile(path)
  } catch (error) {
    throw usageError(`${source} is ${path}: expected ${(error as Error).message}`)
  }
}

function requireKey(text: string, source: string): string {
  const key = text.trim()
  if (!KEY.test(key))
    throw usageError(`${source} holds no API key: expected a text such as rnl_... without blanks`)
  return key
}
