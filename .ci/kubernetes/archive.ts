import { createHash } from 'node:crypto';
import { copyFileSync, createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';

/** An image of one program without a system around it. */
export interface ProgramImage {
  readonly image: string;
  /** A static binary on this host; at the top of the image. */
  readonly binary: string;
  readonly name: string;
  readonly args: readonly string[];
}

/** Made without a Docker engine, in the form of `docker save`; its path in `folder`. */
export async function archiveOf(
  { image, binary, name, args }: ProgramImage,
  folder: string,
): Promise<string> {
  const inside = join(folder, name);
  mkdirSync(inside);
  copyFileSync(binary, join(inside, name));
  const tar = (archive: string, ...files: readonly string[]) =>
    execa('tar', ['-cf', archive, '--owner=0', '--group=0', ...files], { cwd: inside });
  await tar('layer.tar', name);
  const digest = createHash('sha256');
  await pipeline(createReadStream(join(inside, 'layer.tar')), digest);
  const parts = {
    'config.json': {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Entrypoint: [`/${name}`, ...args], User: '65534:65534' },
      rootfs: { type: 'layers', diff_ids: [`sha256:${digest.digest('hex')}`] },
    },
    'manifest.json': [{ Config: 'config.json', RepoTags: [image], Layers: ['layer.tar'] }],
  };
  for (const [file, content] of Object.entries(parts))
    writeFileSync(join(inside, file), JSON.stringify(content));
  await tar('image.tar', ...Object.keys(parts), 'layer.tar');
  return join(inside, 'image.tar');
}
