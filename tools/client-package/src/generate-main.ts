import { writeFileSync } from 'node:fs'
import { generateTypes } from './generate-types.ts'

/** `npm run generate:client`: writes the types of @runnel/client. */
for (const { path, text } of await generateTypes()) {
  writeFileSync(path, text)
  console.log(path)
}
