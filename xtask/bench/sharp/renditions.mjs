// What sharp is asked for, as its own documentation writes it. `node renditions.mjs WAY OUT USES FILE...`
// with USES like cover:1080x1350:jpeg:80,inside:1200x1200:webp:80 and WAY one of
//   clone    one input, a clone of it for each rendition
//   shrink   the input made small once and kept as pixels, the renditions from those
//   files    every file to the one use, two files at a time
//   nothing  the library is loaded and says its versions
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';

const [way, out, uses, ...files] = process.argv.slice(2);

const renditions = (uses ?? '').split(',').filter(Boolean).map((use) => {
	const [fit, size, format, quality] = use.split(':');
	const [width, height] = size.split('x').map(Number);
	const name = `${use.replaceAll(':', '-')}.${format === 'jpeg' ? 'jpg' : format}`;
	return { fit, width, height, format, quality: Number(quality), name };
});

const upright = (file) => sharp(file).rotate().toColourspace('srgb');

const write = (image, { fit, width, height, format, quality, name }, before = '') =>
	image
		.resize({ width, height, fit, position: 'centre', withoutEnlargement: fit === 'inside' })
		.toFormat(format, { quality })
		.toFile(join(out, before + name));

async function clones([file]) {
	const input = upright(file);
	await Promise.all(renditions.map((rendition) => write(input.clone(), rendition)));
}

async function shrunk([file]) {
	// As small as every rendition allows: its short side covers, its long side holds, the largest of them.
	const covering = renditions.filter(({ fit }) => fit === 'cover');
	const holding = renditions.filter(({ fit }) => fit === 'inside');
	const { autoOrient } = await sharp(file).metadata();
	const scales = [
		...covering.map((r) => Math.max(r.width / autoOrient.width, r.height / autoOrient.height)),
		...holding.map((r) => Math.min(r.width / autoOrient.width, r.height / autoOrient.height)),
	];
	const width = Math.ceil(autoOrient.width * Math.min(1, Math.max(...scales)));
	const { data, info } = await upright(file).resize({ width }).raw().toBuffer({ resolveWithObject: true });
	const raw = { width: info.width, height: info.height, channels: info.channels };
	await Promise.all(renditions.map((rendition) => write(sharp(data, { raw }), rendition)));
}

async function each(list) {
	const rest = [...list];
	const next = async () => {
		for (let file = rest.shift(); file; file = rest.shift()) {
			const stem = basename(file, extname(file));
			for (const rendition of renditions) await write(upright(file), rendition, `${stem}-`);
		}
	};
	await Promise.all([next(), next()]);
}

const nothing = async () => console.log(`sharp ${sharp.versions.sharp} (libvips ${sharp.versions.vips})`);

const ways = { clone: clones, shrink: shrunk, files: each, nothing };
await ways[way](files);
