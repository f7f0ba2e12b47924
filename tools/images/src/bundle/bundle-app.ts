import { APPS, type AppDescription } from '@runnel/contracts/apps'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundlePrograms } from './bundle-programs.ts'
import { keepNative, NATIVE } from './keep-native.ts'

/** Not installed where an app runs as a process of its own: loaded on demand alone, or never. */
const ABSENT = ['@electric-sql/pglite', 'pg-native']

/**
 * Makes an app and all packages that it uses into a few JavaScript files, which need nothing but Node and the files
 * beside them: `main.mjs`, `config.mjs` (for the health check), and further programs.
 *
 * @param root folder of the workspace, with its packages installed
 * @param out folder, relative to `root` or absolute; what it held is removed
 * @throws Error when there is no such app, or something cannot be resolved
 */
export async function bundleApp(root: string, app: string, out: string): Promise<void> {
  const source = join('apps', app, 'src')
  if (!existsSync(join(root, source, 'main.ts'))) throw new Error(`There is no app ${app}`)
  const folder = resolve(root, out)
  // Run beside main: each is a file of its own, and shares its modules with the others.
  const { programs } = (APPS as Readonly<Record<string, AppDescription>>)[app] ?? { programs: {} }
  await bundlePrograms(root, folder, {
    input: { main: join(source, 'main.ts'), config: join(source, 'config.ts'), ...programs },
    external: [...ABSENT, ...NATIVE],
    plugins: [keepNative(root, folder)],
  })
}
