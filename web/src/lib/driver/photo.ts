/** The longer edge of a photo that is kept, in pixels: enough to read a label on a box. */
const EDGE_MAX = 1600;
const BYTES_MAX = 900_000;

/** Width and height within the longest edge that is kept. */
export function within(width: number, height: number, edge = EDGE_MAX): { width: number; height: number } {
  const scale = Math.min(1, edge / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * A photo made small on the phone, as JPEG. Drawing it anew also leaves out what the camera wrote beside the picture:
 * where the driver stood, the phone's make, the owner's name.
 *
 * @throws DOMException when the file is no picture.
 */
export async function resized(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    let edge = EDGE_MAX;
    for (const quality of [0.82, 0.7, 0.55, 0.45, 0.35]) {
      const small = await drawn(picture, edge, quality);
      if (small.size <= BYTES_MAX) return small;
      edge = Math.round(edge * 0.85);
    }
    return await drawn(picture, 800, 0.35);
  } finally {
    picture.close();
  }
}

async function drawn(picture: ImageBitmap, edge: number, quality: number): Promise<Blob> {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, within(picture.width, picture.height, edge));
  const pen = canvas.getContext("2d");
  if (pen === null) throw new DOMException("no canvas", "NotSupportedError");
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new DOMException("no picture", "EncodingError")) : resolve(blob)),
      "image/jpeg",
      quality,
    );
  });
}
