/** Makes of a result what a transport sends. */
export type Framing = (text: string) => Buffer

/** One result, as JSON. All its subscribers get the same, so each transport frames it once. */
export class Payload {
  readonly text: string
  readonly #frames = new Map<Framing, Buffer>()

  constructor(text: string) {
    this.text = text
  }

  frame(framing: Framing): Buffer {
    const made = this.#frames.get(framing)
    if (made) return made
    const frame = framing(this.text)
    this.#frames.set(framing, frame)
    return frame
  }
}
