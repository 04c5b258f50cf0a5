import { randomUUID } from 'node:crypto'
import { safe } from '../say/render.ts'

/** Marks a color in a text of ours. It is not known outside, so no other text has a color. */
const key = randomUUID()

/** In the color of this number (ECMA-48), where standard output is a terminal. */
export const colored = (text: string, color: number): string =>
  process.stdout.isTTY ? `${key}${color};${text}${key}0;` : text

const withColors = (text: string): string =>
  safe(text).replace(new RegExp(`${key}(\\d+);`, 'g'), (_, color: string) => `\u001b[${color}m`)

/** A line on standard output. What is no character to be seen, such as an escape sequence, is shown by its number. */
export const print = (text = ''): void => console.log(withColors(text))

/** A line on standard error, as `print` shows it. */
export const complain = (text: string): void => console.error(withColors(text))
