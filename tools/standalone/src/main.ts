import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runStandalone } from './run-standalone.ts'

/** `npm start`. */
const envFile = join(import.meta.dirname, '../../../.env')
// What is already set wins over the file.
if (existsSync(envFile)) process.loadEnvFile(envFile)
await runStandalone({ env: process.env, command: 'npm start' })
