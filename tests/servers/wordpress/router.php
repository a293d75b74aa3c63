<?php
// What a web server does before WordPress: files as they are, everything else to index.php.

$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/');
$uploads = '/wp-content/uploads/';

if (str_starts_with($path, $uploads)) {
    $folder = getenv('GRIOT_WP_DATA') . $uploads;
    $file = realpath($folder . substr($path, strlen($uploads)));
    if ($file === false || !is_file($file) || !str_starts_with($file, realpath($folder))) {
        http_response_code(404);
        return true;
    }
    header('Content-Type: ' . (mime_content_type($file) ?: 'application/octet-stream'));
    header('Content-Length: ' . filesize($file));
    readfile($file);
    return true;
}
if ($path !== '/' && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
