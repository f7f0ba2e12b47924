import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WORKSPACE_ROOT } from './dev-apps.ts'
import { loadAppSettings, renderEnvExample } from './env-example.ts'

/** `npm run env-example` */
writeFileSync(join(WORKSPACE_ROOT, '.env.example'), renderEnvExample(await loadAppSettings()))
