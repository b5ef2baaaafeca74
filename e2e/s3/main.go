// A store of objects for BucketIT that speaks S3's protocol: it keeps versions and checks signatures, in memory.
package main

import (
	"log"
	"net/http"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"
)

func main() {
	store := gofakes3.New(s3mem.New(), gofakes3.WithV4Auth(map[string]string{"kappa": "open sesame"}))
	log.Fatal(http.ListenAndServe(":9000", store.Server()))
}
