import { cpSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'rolldown'

/** Packages with machine code, which no bundle can hold. */
export const NATIVE = ['@node-rs/argon2']

/** Copies those that a bundle uses to its `node_modules`, with the machine code that is installed here. */
export function keepNative(root: string, out: string): Plugin {
  return {
    name: 'keep-native',
    writeBundle(_, files) {
      const imports = new Set(
        Object.values(files).flatMap((file) => (file.type === 'chunk' ? file.imports : [])),
      )
      for (const name of NATIVE.filter((one) => imports.has(one))) {
        const scope = join('node_modules', dirname(name))
        // The package itself, and those of its platforms: `@node-rs/argon2-linux-x64-gnu`.
        const packages = readdirSync(join(root, scope)).filter((one) =>
          join(dirname(name), one).startsWith(name),
        )
        for (const one of packages) cpSync(join(root, scope, one), join(out, scope, one), { recursive: true })
      }
    },
  }
}
